import CSeqtoolPlugin
import Glibc

/// A loaded library and the table of its stage.
struct DynamicLibrary: @unchecked Sendable {
  // Safe to share: the table is constant, and the interface says that states are independent.
  private let table: UnsafePointer<seqtool_plugin_table_v1>
  let path: String
  let id: String
  let summary: String

  /// - Throws: `PipelineError.pluginFailed` where it cannot be loaded or has another version.
  init(_ path: String) throws {
    func failure(_ problem: String) -> PipelineError {
      .pluginFailed(plugin: path, problem: problem)
    }
    try PluginLaunch.check(path)
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? "dlopen failed"
      throw failure("cannot be loaded: \(Escaping.printable(reason, limit: 400))")
    }
    guard let symbol = dlsym(handle, "seqtool_plugin_v1") else {
      throw failure("exports no seqtool_plugin_v1 (is it a plugin of seqtool?)")
    }
    typealias Entry = @convention(c) () -> UnsafePointer<seqtool_plugin_table_v1>?
    guard let table = unsafeBitCast(symbol, to: Entry.self)() else {
      throw failure("gave no table")
    }
    guard table.pointee.version == UInt32(SEQTOOL_PLUGIN_VERSION) else {
      throw failure(
        "its table has version \(table.pointee.version), but this program knows "
          + "\(SEQTOOL_PLUGIN_VERSION) (build it against this program's header)")
    }
    guard let id = table.pointee.id, table.pointee.create != nil, table.pointee.process != nil,
      table.pointee.destroy != nil
    else { throw failure("its table lacks an id or a function") }
    self.table = table
    self.path = path
    self.id = String(cString: id)
    summary = table.pointee.summary.map { String(cString: $0) } ?? ""
  }

  /// A fresh state for one thread.
  func makeState(_ options: String) throws -> LibraryState {
    var state: UnsafeMutableRawPointer?
    let (code, message) = Self.withErrorText { text, size in
      table.pointee.create?(options, &state, text, size) ?? -1
    }
    guard code == 0 else { throw failure("cannot be set up: \(message)") }
    return LibraryState(self, state)
  }

  func process(
    _ state: UnsafeMutableRawPointer?, _ records: seqtool_records, _ sink: seqtool_sink
  ) -> (code: Int32, message: String) {
    Self.withErrorText { text, size in
      withUnsafePointer(to: records) { records in
        withUnsafePointer(to: sink) { sink in
          table.pointee.process?(state, records, sink, text, size) ?? -1
        }
      }
    }
  }

  func destroy(_ state: UnsafeMutableRawPointer?) { table.pointee.destroy?(state) }

  func failure(_ problem: String) -> PipelineError {
    .pluginFailed(plugin: path, problem: problem)
  }

  private static func withErrorText(
    _ body: (UnsafeMutablePointer<CChar>?, Int) -> Int32
  ) -> (code: Int32, message: String) {
    var text = [CChar](repeating: 0, count: 512)
    let code = text.withUnsafeMutableBufferPointer { body($0.baseAddress, $0.count) }
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return (code, Escaping.printable(bytes, limit: 400))
  }
}

/// A state of the library, destroyed with the value.
final class LibraryState {
  let library: DynamicLibrary
  let state: UnsafeMutableRawPointer?

  init(_ library: DynamicLibrary, _ state: UnsafeMutableRawPointer?) {
    self.library = library
    self.state = state
  }

  deinit { library.destroy(state) }
}
