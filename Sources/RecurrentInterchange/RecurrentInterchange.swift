// RecurrentInterchange: safetensors and the names and gate orders of other libraries.
