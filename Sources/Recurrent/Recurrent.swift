// Recurrent: the umbrella. `import Recurrent` is all that a user of the library needs.
@_exported public import RecurrentCore
@_exported public import RecurrentData
@_exported public import RecurrentHMM
@_exported public import RecurrentInterchange
@_exported public import RecurrentNN
@_exported public import RecurrentTraining
