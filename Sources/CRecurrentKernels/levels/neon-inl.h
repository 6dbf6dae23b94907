// NEON on aarch64: 32 registers of 16 bytes; fused multiply-add is part of the base instruction set.

#define RK_LEVEL neon
#define RK_FUSED 1
#define RK_TILE_ROWS 4
#define RK_TILE_VECTORS 1
#define RK_WIDE_VECTORS 4

#include "../bodies/bodies-inl.h"
