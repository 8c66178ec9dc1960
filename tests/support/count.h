/* How many of something a test tries. */
#pragma once

/* `n` of something, fewer where each is dear: under a sanitizer (twenty times), unoptimised. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TOPOLOGY_COUNT(n) ((n) / 20)
#endif
#endif
#if !defined(TOPOLOGY_COUNT)
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TOPOLOGY_COUNT(n) ((n) / 20)
#elif !defined(__OPTIMIZE__)
#define TOPOLOGY_COUNT(n) ((n) / 5)
#else
#define TOPOLOGY_COUNT(n) (n)
#endif
#endif
