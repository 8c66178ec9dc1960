/* What tests take for granted of each kind of failure is what the program does. */
#include <criterion/criterion.h>

#include "support/fault_kinds.h"
#include "support/story.h"

/* Nobody hears of a data plane that is dead behind living sessions; all else is told, or found out
 * by a timer, under every cloud. */
Test(fault_kinds, what_is_heard_of_is) {
  for (guint kind = 0; kind < fault_kind_count(); kind++)
    for (guint c = 0; c < cloud_count(); c++) {
      const char *how = fault_kind_at(kind)->name;
      g_autofree char *events = g_strdup_printf("events: [{at: 60s, fail: fw-a, how: %s}]\n", how);
      g_autoptr(Story) story =
          story_new(STORY_PAIR("router", "{keepalive: 1s, hold: 3s}", ", prepend: 2"), events);
      cr_assert_eq(story_never(story, cloud_at(c)->name, 0, "detected", 1),
                   !fault_is_heard(fault_kind_at(kind)), "%s under %s", how, cloud_at(c)->name);
    }
}
