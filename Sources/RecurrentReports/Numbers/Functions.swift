import Foundation

/// log₁₀, for places in a drawing: they are rounded to tenths of a pixel, so the last bit of the C library's result
/// does not show.
func logarithm(_ value: Double) -> Double { log10(value) }

/// ∛, for a count of bars.
func cubeRoot(_ value: Double) -> Double { cbrt(value) }
