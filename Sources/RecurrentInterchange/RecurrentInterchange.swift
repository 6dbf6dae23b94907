// RecurrentInterchange: safetensors, and the names, shapes and gate orders of other libraries.
//
// SafeTensors/  the file format: a strict reader, a deterministic writer, exact conversions
// Gates/        gate orders and what a conversion between them costs
// Names/        this package's parameter names, and PyTorch's and Keras' to and from them
