// NEON on aarch64: 32 registers of 16 bytes; fused multiply-add is part of the base instruction set.
// Checked under emulation only (the same bits as the x86 levels); its speed is unmeasured, its tile a guess.

#define RK_LEVEL neon
#define RK_FUSED 1
#define RK_TILE_ROWS 4
#define RK_TILE_VECTORS 1
#define RK_WIDE_VECTORS 4
#define RK_PROBE_CHAINS 6

#include "../bodies/bodies-inl.h"
