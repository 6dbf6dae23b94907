// RecurrentCore: matrices, sequence batches, parameters.
