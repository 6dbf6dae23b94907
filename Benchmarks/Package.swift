// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "recurrent-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "swift-recurrent", path: "..")],
  targets: [
    .target(name: "CBenchmarkSupport", cSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "recurrent-benchmarks",
      dependencies: [
        "CBenchmarkSupport", .product(name: "Recurrent", package: "swift-recurrent"),
        .product(name: "RecurrentTasks", package: "swift-recurrent"),
        .product(name: "RecurrentReports", package: "swift-recurrent"),
        .product(name: "RecurrentTestSupport", package: "swift-recurrent"),
      ],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
