#if defined(__x86_64__)
#define RK_BITS 64
#include "avx2-inl.h"
#endif
