// RecurrentNN: cells, layers, losses, gradient check.
