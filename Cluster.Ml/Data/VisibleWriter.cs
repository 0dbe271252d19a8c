using System.Text;

namespace Cluster.Ml.Data;

/// <summary>Hands text on as <see cref="VisibleText"/>: for logs, which repeat what files and other nodes say.</summary>
/// <param name="to">Where it goes; not disposed with this.</param>
public sealed class VisibleWriter(TextWriter to) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => to.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => to.Write(VisibleText.Of(value.ToString()));

    /// <inheritdoc/>
    public override void Write(string? value) => to.Write(VisibleText.Of(value ?? ""));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => to.WriteLine(VisibleText.Of(value ?? ""));

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value) => to.WriteLineAsync(VisibleText.Of(value ?? ""));

    /// <inheritdoc/>
    public override void Flush() => to.Flush();
}
