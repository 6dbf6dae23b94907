internal import Recurrent
internal import RecurrentCore
internal import RecurrentData
internal import RecurrentInterchange
internal import RecurrentTasks

/// `recurrent hmm convert`: from and to hmmlearn's arrays.
struct MarkovConvertVerb: Verb {
  static let output = Option<String>.required(
    "output", short: "o", .path("FILE"), help: "Written: .safetensors from .json, .json from .safetensors.")
  static let overwrite = Flag("overwrite", help: "Replace the file where it exists.")
  static let source = Argument<String>(
    "MODEL", .path("FILE"), help: "A model's JSON file, or hmmlearn's arrays as safetensors.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "hmm convert", summary: "convert a model from and to hmmlearn's arrays",
      discussion: """
        hmmlearn's arrays by their names (startprob_, transmat_, emissionprob_, means_, covars_, weights_, lambdas_) in a \
        safetensors file, with the covariance type, and the names of states, symbols and columns, in its metadata. Numbers \
        keep their bits. Arrays from hmmlearn have no names: their symbols are called 0, 1, and so on.
        """,
      arguments: [Self.source],
      options: [OptionGroup("Output", Self.output, Self.overwrite, StandardOptions.quiet)],
      examples: [
        .init("recurrent hmm convert dice.json -o dice.safetensors", "For hmmlearn."),
        .init("recurrent hmm convert dice.safetensors -o again.json", "From hmmlearn."),
      ],
      exitCodes: [.data, .noInput, .cannotCreate])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let (path, target) = (arguments[Self.source], arguments[Self.output])
    try InputSafety.refuse(.file(path), amongOutputs: [target], remedy: "choose another path with -o")
    let bytes = try commandErrors { try DataFile.read(path) }
    let form = MarkovFileForm(of: bytes)
    try Self.refusePython(form, path)
    // A file of that name is believed to be one, so that it and not the output is blamed where it is broken.
    let isTensors = form == .safetensors || path.hasSuffix(".safetensors")
    let ending = isTensors ? ".json" : ".safetensors"
    guard target.hasSuffix(ending) else {
      throw .usage(
        "'--output': found '\(target)', expected a name that ends with \(ending), which is what \(path) becomes"
      )
    }
    let written: [UInt8]
    if isTensors {
      let file = try commandErrors {
        do {
          return try MarkovArrays.model(of: SafeTensors(bytes: bytes), name: path)
        } catch let error as SafeTensorsError {
          throw MarkovError("\(path): \(error)")
        }
      }
      written = Array(file.text.utf8)
    } else {
      let file = try commandErrors { try MarkovModelFile(bytes: bytes, name: path) }
      written = try commandErrors {
        do {
          return try MarkovArrays.tensors(of: file).serialized()
        } catch {
          throw MarkovError("\(path): \(error)")
        }
      }
    }
    try commandErrors { try AtomicFile.write(written, to: target, overwrites: arguments[Self.overwrite]) }
    return .success
  }

  /// What hmmlearn's users save first, with the way from there.
  private static func refusePython(_ form: MarkovFileForm, _ path: String) throws(CommandError) {
    switch form {
    case .numpy:
      throw CommandError(
        "\(path): found an array or archive of numpy (.npy, .npz), expected safetensors or a model's JSON file; in Python: from safetensors.numpy import save_file; save_file(dict(numpy.load('model.npz')), 'model.safetensors')",
        exitCode: .data)
    case .pickle:
      throw CommandError(
        "\(path): found an object that Python has pickled, expected safetensors or a model's JSON file; load it in Python and save its arrays (startprob_, transmat_, ...) by safetensors.numpy.save_file",
        exitCode: .data)
    case .safetensors, .other: break
    }
  }
}
