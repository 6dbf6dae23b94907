// All kernels of one level and one element type. A file in levels/ sets RK_BITS (32 or 64), RK_LEVEL, RK_FUSED and the
// shape of the tile, and includes this once. Nothing here is contracted or reassociated by the compiler: where a fused
// multiply-add is wanted the source says fma(), so every fused level gives the same bits.

#include "CRecurrentKernels.h"

#pragma STDC FP_CONTRACT OFF

#include "types-inl.h"

#include "vector-inl.h"

#include "exponential-inl.h"

#include "narrow-product-inl.h"

#include "product-inl.h"

#include "gradient-product-inl.h"

#include "cell-gradient-inl.h"

#include "elementwise-inl.h"

#include "softmax-inl.h"

#include "lstm-inl.h"

#include "gru-inl.h"

#include "chain-inl.h"

#include "gaussian-inl.h"

#include "update-inl.h"

#include "probe-inl.h"

#define RK_JOIN3(a, b, c) a##b##c
#define RK_TABLE_NAME(level, suffix) RK_JOIN3(rk_, level, suffix)
#define RK_ENTRY(result, name, parameters, arguments) .name = kernel_##name,
#if RK_BITS == 32
const rk_functions_f32 RK_TABLE_NAME(RK_LEVEL, _f32) = {RK_FUNCTIONS(RK_ENTRY, T)};
#else
const rk_functions_f64 RK_TABLE_NAME(RK_LEVEL, _f64) = {RK_FUNCTIONS(RK_ENTRY, T)};
#endif
