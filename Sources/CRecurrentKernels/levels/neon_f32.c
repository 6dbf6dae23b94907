#if defined(__aarch64__)
#define RK_BITS 32
#include "neon-inl.h"
#endif
