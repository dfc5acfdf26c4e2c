import Blueprints
import Domain
import JSON
import Rendering

/// How the API shows a rendering.
struct RenderingView {
    /// Bytes of all contents together that are shown: 4 MiB; the differences have a bound of their
    /// own.
    private static let contentBytesMax = 4 << 20

    private let version: BlueprintVersion
    private let blueprint: BlueprintName
    private let rendering: BlueprintRendering

    init(
        _ version: BlueprintVersion,
        of blueprint: BlueprintName,
        _ rendering: BlueprintRendering
    ) {
        self.version = version
        self.blueprint = blueprint
        self.rendering = rendering
    }

    var bytes: [UInt8] {
        let tree = rendering.tree
        var writer = JSONWriter(reserving: 16_384)
        writer.beginObject()
        writer.member("blueprint", blueprint.text)
        writer.member("version", version.version)
        writer.member("commit", version.commit)
        writer.member("parameters", rendering.parameters)
        writer.key("files")
        writeFiles(&writer)
        writer.key("removed")
        writer.array(tree.removed) { $0.string($1.text) }
        writer.member("diff", tree.changes().compactMap(\.difference?.text).joined())
        writer.endObject()
        return writer.finish()
    }

    private func writeFiles(_ writer: inout JSONWriter) {
        var left = Self.contentBytesMax
        writer.beginArray()
        let record = rendering.record.bytes
        Self.write(&writer, BlueprintRecord.path, nil, "100644", record, &left)
        for file in rendering.tree.files {
            var content: [UInt8]?
            if case .rendered(let bytes) = file.content { content = bytes }
            Self.write(&writer, file.path.text, file.source.text, file.mode, content, &left)
        }
        writer.endArray()
    }

    /// `left` is what may still be shown.
    private static func write(
        _ writer: inout JSONWriter,
        _ path: String,
        _ source: String?,
        _ mode: String,
        _ content: [UInt8]?,
        _ left: inout Int
    ) {
        writer.beginObject()
        writer.member("path", path)
        writer.member("source", orNull: source)
        writer.member("mode", mode)
        writer.member("isRendered", content != nil)
        var shown: String?
        if let content, content.count <= left {
            left -= content.count
            shown = String(decoding: content, as: UTF8.self)
        }
        writer.member("content", orNull: shown)
        writer.endObject()
    }
}
