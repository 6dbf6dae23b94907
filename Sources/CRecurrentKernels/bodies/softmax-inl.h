// y = x - log sum exp x, row by row.

static void kernel_log_softmax(ptrdiff_t rows, ptrdiff_t n, const T *x, T *y) {
  for (ptrdiff_t r = 0; r < rows; r++, x += n, y += n) {
    V greatest = (V)(-__builtin_inf());
    RK_EACH(n, {
      V value = get(x + i, part);
      if (part < L) value = lane_below(part) ? value : greatest;
      greatest = value > greatest ? value : greatest;  // NaN is passed over here and met in the sum
    });
    const V maximum = (V)(lane_maximum(greatest));
    // Lane l sums elements l, l + L, ... in order, then a fixed tree: the order depends on n alone.
    V sum = (V)(0);
    RK_EACH(n, {
      const V term = exp_v(get(x + i, part) - maximum);
      sum += part < L ? (lane_below(part) ? term : (V)(0)) : term;
    });
    const V log_sum = log_v((V)(lane_sum(sum)));
    RK_EACH(n, { put(y + i, part, (get(x + i, part) - maximum) - log_sum); });
  }
}
