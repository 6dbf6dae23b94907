#include "CRecurrentKernels.h"
