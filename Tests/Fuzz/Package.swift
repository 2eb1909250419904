// swift-tools-version: 6.1
import PackageDescription

/// The fuzzers, a package of their own so that neither `swift build` nor `swift test` of seqtool sees
/// them. `run.sh` beside this file builds them with the sanitizers they need.
let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "seqtool", path: "../..")],
  targets: [
    .target(name: "CFuzz"),
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "CFuzz",
        .product(name: "Pipeline", package: "seqtool"),
        .product(name: "Tokenize", package: "seqtool"),
        .product(name: "Seq", package: "seqtool"),
      ],
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ]),
  ]
)
