internal import Foundation
internal import RecurrentCore
internal import RecurrentTasks

/// An output that would take the input's place is refused: nobody means to lose the measurements.
enum InputSafety {
  /// - Parameters:
  ///   - paths: what will be written.
  ///   - remedy: what to do instead.
  static func refuse(
    _ input: InputSource, amongOutputs paths: [String], remedy: String
  ) throws(CommandError) {
    guard case .file(let file) = input, let identity = identity(of: file) else { return }
    for path in paths where Self.identity(of: path) == identity {
      throw CommandError(
        "\(path): is the input, expected another file to write; \(remedy)", exitCode: .cannotCreate)
    }
  }

  /// Device and number of the file that a path leads to; `nil`: there is none.
  private static func identity(of path: String) -> [UInt64]? {
    let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: real),
      let device = attributes[.systemNumber] as? NSNumber,
      let number = attributes[.systemFileNumber] as? NSNumber
    else { return nil }
    return [device.uint64Value, number.uint64Value]
  }
}
