// What any compiler target can do: vectors of its base registers, no fused multiply-add.

#define RK_LEVEL portable
#define RK_FUSED 0
#define RK_TILE_ROWS 2
#define RK_TILE_VECTORS 1
#define RK_WIDE_VECTORS 1
#define RK_PROBE_CHAINS 3

#include "../bodies/bodies-inl.h"
