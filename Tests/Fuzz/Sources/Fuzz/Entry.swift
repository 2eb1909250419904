import CFuzz
import Glibc
import Pipeline

/// The target that this process works on.
nonisolated(unsafe) private var target: any FuzzTarget = RecordTarget()

/// Called once: `FUZZ_TARGET` names the target, and `FUZZ_SEEDS` a folder for its first inputs, after
/// which the process ends.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<CInt>?, _ arguments: UnsafeMutableRawPointer?
) -> CInt {
  do {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let make = Targets.all[name] else {
      throw Complaint("FUZZ_TARGET is one of \(Targets.all.keys.sorted().joined(separator: ", "))")
    }
    target = try make()
    guard let folder = getenv("FUZZ_SEEDS").map({ String(cString: $0) }) else { return 0 }
    let project = getenv("FUZZ_PROJECT").map { String(cString: $0) } ?? "."
    let seeds = try target.seeds(ProjectFiles(root: project))
    for (i, seed) in seeds.enumerated() { try AtomicFile.write(seed, to: "\(folder)/seed-\(i)") }
    let accepted = seeds.filter { (try? target.test($0)) != nil }
    say("\(name): \(seeds.count) first inputs, \(accepted.count) of them accepted")
    exit(0)
  } catch {
    say("fuzz: \(error)")
    exit(64)
  }
}

/// Called for every input. A thrown error is an answer, as long as it knows its kind and can be told.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = [UInt8](UnsafeBufferPointer(start: bytes, count: count))
  do {
    try target.test(input)
  } catch let error as any CategorizedError {
    law(!error.description.isEmpty, "an error without words: \(error)")
    law(target.mayThrow(error), "an error of the program itself: \(error.description)")
  } catch {
    fail("an error of no category: \(error)")
  }
  return 0
}

/// Called for a new input: libFuzzer's own mutations or the target's, then the target's repair of
/// lengths and digests, which most mutations break.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(
  _ data: UnsafeMutablePointer<UInt8>?, _ size: Int, _ capacity: Int, _ seed: UInt32
) -> Int {
  guard let data else { return 0 }
  var random = MutationRandom(seed: seed)
  let room = UnsafeMutableBufferPointer(start: data, count: capacity)
  var count = size
  if random.below(2) == 0, let changed = target.mutate(Array(room[..<size]), &random) {
    count = min(changed.count, capacity)
    for i in 0..<count { room[i] = changed[i] }
  } else {
    count = LLVMFuzzerMutate(data, size, capacity)
  }
  // Some inputs stay broken, so that the checks that come first are tried too.
  guard random.below(8) != 0 else { return count }
  let repaired = target.repair(Array(room[..<count]))
  guard repaired.count <= capacity else { return count }
  for i in repaired.indices { room[i] = repaired[i] }
  return repaired.count
}
