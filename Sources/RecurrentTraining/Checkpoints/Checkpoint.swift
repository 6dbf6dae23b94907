#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif
internal import RecurrentInterchange
public import RecurrentCore

/// A saved run: a safetensors file whose tensors are parameters and moments, and whose metadata hold the rest.
///
/// | metadata | |
/// |---|---|
/// | `format`, `version` | `recurrent-checkpoint`, `1` |
/// | `configuration` | the caller's text: what it takes to build the model again |
/// | `state` | JSON: ``TrainingProgress`` and the optimiser's steps; numbers are read back to the same bits |
/// | `checksum` | CRC-64/XZ of the file with sixteen zeros in its place |
///
/// Tensors: `parameters.SLOT`, `average.SLOT`, `best.SLOT`, `optimizer.firstMoment.SLOT`, `optimizer.secondMoment.SLOT`, and `carried.PATH`
/// of a state that is carried from batch to batch. The same state gives the same bytes.
public struct Checkpoint: Sendable {
  /// The only version that is written and read.
  public static let formatVersion = 1
  /// The caller's text, as it was given.
  public let configuration: String
  /// Options, counters, decisions and the loss curve; ``state(layout:of:)`` adds the parameters.
  public let progress: TrainingProgress
  private let optimizerSteps: Int
  private let tensors: SafeTensors
  private let path: String

  private static let format = "recurrent-checkpoint"
  private static let blank = "0000000000000000"

  private struct Counters: Codable {
    let progress: TrainingProgress
    let optimizerSteps: Int
  }

  /// Reads a file.
  public init(path: String) throws(CheckpointError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try readFile(path, limit: 1 << 36)
    } catch {
      throw CheckpointError(path, .file(error))
    }
    try self.init(bytes: bytes, path: path)
  }

  /// Reads a file's bytes: whatever they are, the outcome is a checkpoint as it was written, or an error.
  ///
  /// - Parameter path: what errors call it.
  public init(bytes: [UInt8], path: String = "checkpoint") throws(CheckpointError) {
    do throws(CheckpointError.Problem) {
      tensors = try Self.verified(bytes)
      configuration = try Self.metadata("configuration", of: tensors)
      let counters = try Self.decoded(try Self.metadata("state", of: tensors))
      progress = counters.progress
      optimizerSteps = counters.optimizerSteps
    } catch {
      throw CheckpointError(path, error)
    }
    self.path = path
  }

  /// The state, for a model of this layout in this precision.
  public func state<Scalar: TensorScalar>(
    layout: ParameterLayout, of scalar: Scalar.Type = Scalar.self
  ) throws(CheckpointError) -> TrainingState<Scalar> {
    do throws(CheckpointError.Problem) {
      let configuration = progress.options.optimizer
      let hasBest = progress.options.keepsBest && progress.best != nil
      try refuseOthers(configuration, layout: layout, hasBest: hasBest)
      return TrainingState(
        progress: progress, parameters: try tensors.store(layout, prefix: Prefix.parameters),
        optimizer: Optimizer(
          configuration, steps: optimizerSteps,
          firstMoment: configuration.usesFirstMoment
            ? try tensors.store(layout, prefix: Prefix.firstMoment) : nil,
          secondMoment: configuration.usesSecondMoment
            ? try tensors.store(layout, prefix: Prefix.secondMoment) : nil),
        average: progress.options.averaging == nil
          ? nil : try tensors.store(layout, prefix: Prefix.average),
        bestParameters: hasBest ? try tensors.store(layout, prefix: Prefix.best) : nil,
        carried: try carried())
    } catch {
      throw CheckpointError(path, error)
    }
  }

  /// The state that is carried into the next batch.
  private func carried<Scalar>() throws(CheckpointError.Problem) -> CarriedState<Scalar>? {
    let names = tensors.names.filter { $0.hasPrefix(Prefix.carried) }.sorted()
    guard progress.options.carriesState, progress.batch > 0, !names.isEmpty else { return nil }
    var layout = ParameterLayout()
    for name in names {
      guard let shape = tensors[name]?.shape, (1...2).contains(shape.count), shape.allSatisfy({ $0 > 0 })
      else {
        throw .unexpectedTensor(name)
      }
      // One sequence's state is a table of one row, which has the shape of a vector.
      let (rows, columns) = (shape.count == 2 ? shape[0] : 1, shape[shape.count - 1])
      _ = layout.addTable(
        String(name.dropFirst(Prefix.carried.count)), rows: rows, columns: columns, initializer: .zeros)
    }
    return CarriedState(try tensors.store(layout, prefix: Prefix.carried))
  }

  /// Refuses tensors that this state has no place for.
  private func refuseOthers(
    _ configuration: OptimizerConfiguration, layout: ParameterLayout, hasBest: Bool
  ) throws(CheckpointError.Problem) {
    var prefixes = [Prefix.parameters]
    if configuration.usesFirstMoment { prefixes.append(Prefix.firstMoment) }
    if configuration.usesSecondMoment { prefixes.append(Prefix.secondMoment) }
    if progress.options.averaging != nil { prefixes.append(Prefix.average) }
    if hasBest { prefixes.append(Prefix.best) }
    let names = Set(prefixes.flatMap { prefix in layout.slots.map { prefix + $0.name } })
    let carries = progress.options.carriesState && progress.batch > 0
    if let other = tensors.names.first(where: {
      !names.contains($0) && !(carries && $0.hasPrefix(Prefix.carried))
    }) {
      throw .unexpectedTensor(other)
    }
  }

  private enum Prefix {
    static let parameters = "parameters."
    static let average = "average."
    static let best = "best."
    static let firstMoment = "optimizer.firstMoment."
    static let secondMoment = "optimizer.secondMoment."
    static let carried = "carried."
  }
}

extension Checkpoint {
  /// The bytes of a checkpoint.
  ///
  /// - Parameter configuration: kept as it is, for whoever must build the model again.
  /// - Throws: ``CheckpointError`` where parameters are not finite.
  public static func bytes<Scalar>(
    of state: TrainingState<Scalar>, configuration: String, path: String = "checkpoint"
  ) throws(CheckpointError) -> [UInt8] {
    do throws(CheckpointError.Problem) {
      if let found = state.parameters.firstNotFinite {
        throw .notFinite(parameter: found.slot.name, value: plainNumber(found.value))
      }
      var tensors = SafeTensors(metadata: [
        "format": format, "version": "\(formatVersion)", "configuration": configuration, "checksum": blank,
        "state": try encoded(Counters(progress: state.progress, optimizerSteps: state.optimizer.steps)),
      ])
      tensors.add(state.parameters, prefix: Prefix.parameters)
      if let average = state.average { tensors.add(average, prefix: Prefix.average) }
      if let best = state.bestParameters { tensors.add(best, prefix: Prefix.best) }
      if let moment = state.optimizer.firstMoment { tensors.add(moment, prefix: Prefix.firstMoment) }
      if let moment = state.optimizer.secondMoment { tensors.add(moment, prefix: Prefix.secondMoment) }
      if let carried = state.carried { tensors.add(carried.matrices, prefix: Prefix.carried) }
      tensors.metadata["checksum"] = hexadecimal(crc64(try serialized(tensors)))
      return try serialized(tensors)
    } catch {
      throw CheckpointError(path, error)
    }
  }

  /// Writes a checkpoint: the file appears whole or not at all, and replaces an older one only then.
  public static func write<Scalar>(
    _ state: TrainingState<Scalar>, configuration: String, to path: String
  ) throws(CheckpointError) {
    let bytes = try bytes(of: state, configuration: configuration, path: path)
    do throws(FileError) {
      try AtomicFile.write(bytes, to: path)
    } catch {
      throw CheckpointError(path, .file(error))
    }
  }
}

extension Checkpoint {
  /// The tensors and metadata, proved to be those that were written.
  private static func verified(_ bytes: [UInt8]) throws(CheckpointError.Problem) -> SafeTensors {
    let tensors: SafeTensors
    do throws(SafeTensorsError) {
      tensors = try SafeTensors(bytes: bytes)
    } catch {
      throw .notSafeTensors(error)
    }
    guard tensors.metadata["format"] == format else { throw .missingMetadata(key: "format = \(format)") }
    let version = try metadata("version", of: tensors)
    guard version == "\(formatVersion)" else { throw .version(found: version) }
    let expected = try metadata("checksum", of: tensors)
    var unsigned = tensors
    unsigned.metadata["checksum"] = blank
    let found = hexadecimal(crc64(try serialized(unsigned)))
    guard found == expected else { throw .checksum(found: found, expected: expected) }
    guard try serialized(tensors) == bytes else { throw .altered }
    return tensors
  }

  private static func metadata(
    _ key: String, of tensors: SafeTensors
  ) throws(CheckpointError.Problem) -> String {
    guard let value = tensors.metadata[key] else { throw .missingMetadata(key: key) }
    return value
  }

  private static func serialized(_ tensors: SafeTensors) throws(CheckpointError.Problem) -> [UInt8] {
    do throws(SafeTensorsError) {
      return try tensors.serialized()
    } catch {
      throw .notSafeTensors(error)
    }
  }

  private static func encoded(_ counters: Counters) throws(CheckpointError.Problem) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    do {
      return String(decoding: try encoder.encode(counters), as: UTF8.self)
    } catch {
      throw .malformedState("a number that JSON cannot hold")
    }
  }

  private static func decoded(_ text: String) throws(CheckpointError.Problem) -> Counters {
    let counters: Counters
    do {
      counters = try JSONDecoder().decode(Counters.self, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw .malformedState(error.oneLine)
    } catch {
      throw .malformedState("text that is not JSON")
    }
    if let problem = counters.progress.problem { throw .invalidState(problem) }
    if let problem = OptionProblem.unlessCount("optimizerSteps", counters.optimizerSteps) {
      throw .invalidState(problem)
    }
    return counters
  }
}

extension DecodingError {
  /// Where and what, without line breaks.
  fileprivate var oneLine: String {
    let context: Context
    let what: String
    switch self {
    case .keyNotFound(let key, let found): (context, what) = (found, "no '\(key.stringValue)'")
    case .typeMismatch(_, let found): (context, what) = (found, "a value of another type")
    case .valueNotFound(_, let found): (context, what) = (found, "no value")
    case .dataCorrupted(let found): (context, what) = (found, "text that is not valid")
    @unknown default: return "text that is not valid"
    }
    let place = context.codingPath.map(\.stringValue).joined(separator: ".")
    return place.isEmpty ? what : "\(what) at '\(place)'"
  }
}
