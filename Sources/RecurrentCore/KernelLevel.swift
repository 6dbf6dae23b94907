internal import CRecurrentKernels

/// The instruction set that the C kernels use.
///
/// It is chosen once, when first needed: the environment variable `RECURRENT_KERNELS` (`portable`, `avx2`, `avx512`,
/// `neon`) where set, else the best that this processor has. All levels but `portable` give the same bits; `portable`
/// has no fused multiply-add and may differ in the last bit.
public enum KernelLevel: Int32, CaseIterable, Sendable {
  /// No instruction set assumed, and no fused multiply-add.
  case portable
  /// x86-64 with AVX2 and FMA.
  case avx2
  /// x86-64 with AVX-512F.
  case avx512
  /// ARM with NEON.
  case neon

  /// The level in use.
  public static var active: KernelLevel { KernelLevel(rawValue: rk_level()) ?? .portable }

  /// Whether this build and this processor can run the level.
  public var isAvailable: Bool { rk_level_available(rawValue) != 0 }

  /// "portable", "avx2", "avx512" or "neon", as `RECURRENT_KERNELS` takes it.
  public var name: String { String(cString: rk_level_name(rawValue)) }

  /// Whether the level fuses multiply and add, and so gives the bits that all fusing levels share.
  public var isFused: Bool { self != .portable }

  /// What is wrong with `RECURRENT_KERNELS`, or `nil`. A program should refuse to go on with a wrong one: the level
  /// that is used instead may not be the one that the user meant to measure.
  public static var requestProblem: String? {
    let available = allCases.filter(\.isAvailable).map(\.name).joined(separator: ", ")
    let variable = "RECURRENT_KERNELS"
    let found = "\(variable) is \(quoted(SystemCall.environment(variable) ?? ""))"
    switch rk_level_request_problem() {
    case 1: return "\(found), which is no kernel level; expected one of: \(available)"
    case 2:
      return "\(found), a level that this processor cannot run; expected one of: \(available)"
    default: return nil
    }
  }

  /// Switches the level of the whole process: for tests that compare levels. Other threads must be idle.
  package static func force(_ level: KernelLevel) {
    precondition(rk_set_level(level.rawValue) == 0, "kernel level \(level.name) cannot run on this processor")
  }
}
