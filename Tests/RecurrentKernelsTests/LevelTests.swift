import CRecurrentKernels
import Foundation
import Testing

/// The choice of level. These are the only tests that switch the level of the process; they run one by one and only
/// between fused levels, which agree to the bit, so suites beside them see nothing.
@Suite(.serialized) struct LevelTests {
  @Test func namesAndAvailability() {
    let names = (0..<Int32(RK_LEVEL_COUNT)).map { String(cString: rk_level_name($0)) }
    #expect(names == ["portable", "avx2", "avx512", "neon"])
    #expect(rk_level_name(-1) == nil && rk_level_name(Int32(RK_LEVEL_COUNT)) == nil)
    #expect(rk_level_available(Int32(RK_PORTABLE)) == 1)
    #expect(rk_level_available(-1) == 0 && rk_level_available(99) == 0)
    #expect(rk_level_available(Int32(RK_AVX2)) == 0 || rk_level_available(Int32(RK_NEON)) == 0)
    #expect(rk_functions_at_level_f32(99) == nil && rk_functions_at_level_f64(-1) == nil)
  }

  @Test func requests() {
    var problem: Int32 = -1
    let best = rk_level_for_request(nil, &problem)
    #expect(problem == 0 && rk_level_available(best) == 1)
    #expect(rk_level_for_request("", &problem) == best && problem == 0)
    #expect(rk_level_for_request("portable", &problem) == Int32(RK_PORTABLE) && problem == 0)
    #expect(rk_level_for_request("Portable", &problem) == best && problem == 1)
    #expect(rk_level_for_request("sse9", &problem) == best && problem == 1)
    let absent = [Int32(RK_AVX2), Int32(RK_AVX512), Int32(RK_NEON)].first { rk_level_available($0) == 0 }
    if let absent {
      #expect(rk_level_for_request(rk_level_name(absent), &problem) == best && problem == 2)
    }
  }

  @Test func environmentIsObeyed() {
    let request = ProcessInfo.processInfo.environment["RECURRENT_KERNELS"]
    var problem: Int32 = -1
    #expect(rk_level() == rk_level_for_request(request, &problem))
    #expect(rk_level_request_problem() == problem)
  }

  @Test func switches() {
    let before = rk_level()
    defer { #expect(rk_set_level(before) == 0) }
    #expect(rk_set_level(99) == -1 && rk_level() == before)
    for level in fusedLevels(of: Float.self).map(\.level) where before != Int32(RK_PORTABLE) {
      #expect(rk_set_level(Int32(level)) == 0 && rk_level() == Int32(level))
      // The public functions go through the table of that level.
      var (x, expected, found): (Float, Float, Float) = (0.3, 0, 0)
      Float.kernels(at: level)!.exp(1, &x, &expected)
      rk_exp_f32(1, &x, &found)
      #expect(found == expected)
    }
  }
}
