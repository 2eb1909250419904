import Glibc
import Pipeline

/// One entry point of the program together with the laws that hold there.
protocol FuzzTarget {
  /// Gives one input to the program. What it throws is an answer; a broken law ends the process.
  func test(_ input: [UInt8]) throws

  /// Whether an error may come of an input.
  func mayThrow(_ error: any CategorizedError) -> Bool

  /// A mutation that knows what the bytes mean; nothing where they mean nothing.
  func mutate(_ input: [UInt8], _ random: inout MutationRandom) -> [UInt8]?

  /// The input with lengths and digests that are right again.
  func repair(_ input: [UInt8]) -> [UInt8]

  /// The first inputs.
  func seeds(_ project: ProjectFiles) throws -> [[UInt8]]
}

extension FuzzTarget {
  /// No input may make the program say that it broke itself.
  func mayThrow(_ error: any CategorizedError) -> Bool { error.category != .software }
  func mutate(_ input: [UInt8], _ random: inout MutationRandom) -> [UInt8]? { nil }
  func repair(_ input: [UInt8]) -> [UInt8] { input }
}

/// The targets by name.
enum Targets {
  static var all: [String: () throws -> any FuzzTarget] {
    [
      "records": { RecordTarget() }, "normalise": { try NormaliseTarget() },
      "segment": { try SegmentTarget() }, "vocabulary": { VocabularyTarget() },
      "model": { try ModelTarget() }, "checkpoint": { try CheckpointTarget() },
      "config": { try ConfigTarget() }, "tokenizer": { TokenizerTarget() },
      "replies": { ReplyTarget() },
    ]
  }
}

/// Something that makes fuzzing impossible.
struct Complaint: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Ends the process, which libFuzzer takes for a crash and saves the input of.
func fail(_ problem: String) -> Never {
  say("LAW BROKEN: \(problem)")
  abort()
}

func say(_ words: String) {
  let line = Array("\(words)\n".utf8)
  _ = write(STDERR_FILENO, line, line.count)
}

/// What must hold for every input.
func law(_ holds: Bool, _ problem: @autoclosure () -> String) {
  if !holds { fail(problem()) }
}

/// The files that the project ships, as first inputs.
struct ProjectFiles {
  let root: String

  func bytes(_ path: String) throws -> [UInt8] { try FileBytes.read("\(root)/\(path)") }
}
