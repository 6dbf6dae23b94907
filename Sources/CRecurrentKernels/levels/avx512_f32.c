#if defined(__x86_64__)
#define RK_BITS 32
#include "avx512-inl.h"
#endif
