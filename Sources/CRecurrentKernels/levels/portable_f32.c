#define RK_BITS 32
#include "portable-inl.h"
