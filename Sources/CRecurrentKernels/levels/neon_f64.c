#if defined(__aarch64__)
#define RK_BITS 64
#include "neon-inl.h"
#endif
