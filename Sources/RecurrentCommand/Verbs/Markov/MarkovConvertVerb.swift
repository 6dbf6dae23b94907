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
    let bytes = try commandErrors { try DataFile.read(path) }
    // A safetensors file begins with the length of its header, of which the higher bytes are 0; JSON has none.
    let isTensors = bytes.count > 8 && bytes[4..<8].allSatisfy { $0 == 0 }
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
}
