// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "mytool",
  dependencies: [.package(name: "seqtool", path: "../../..")],
  targets: [
    .executableTarget(
      name: "mytool",
      dependencies: [
        .product(name: "Pipeline", package: "seqtool"),
        .product(name: "Tokenize", package: "seqtool"),
      ])
  ],
  // As the package that it depends on: one of its headers is C 23.
  cLanguageStandard: .c2x,
  cxxLanguageStandard: .cxx17
)
