#define RK_BITS 64
#include "portable-inl.h"
