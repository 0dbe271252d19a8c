using Cluster.Ml.Data;

namespace Cluster.Ml.Export;

/// <summary>A form in which other programs read a model.</summary>
public abstract class ExportFormat
{
    /// <summary>As the flag --format names it, and the ending of its files.</summary>
    public abstract string Name { get; }

    /// <summary>What it is: one line.</summary>
    public abstract string Meaning { get; }

    /// <summary>The formats, in the order in which a message lists them.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } = [new Onnx.OnnxFormat(), new Arrays.NpzFormat(), new Arrays.SafetensorsFormat()];

    /// <summary>The names, in that order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(format => format.Name)];

    /// <summary>The format of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ExportFormat Of(string name) => All.FirstOrDefault(format => format.Name == name)
        ?? throw new ArgumentException($"ExportFormat: wanted one of {string.Join(", ", Names)}, got {name}.", nameof(name));

    /// <summary>Writes a model; the path always holds a whole file, the old or the new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="saved">The model.</param>
    /// <param name="options">What may be chosen.</param>
    /// <returns>What the file holds.</returns>
    /// <exception cref="BadInputException">The model has no such form; the message says why.</exception>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    public abstract IReadOnlyList<ExportedPart> Write(string path, SavedModel saved, ExportOptions options);
}

/// <summary>What may be chosen where a model is exported.</summary>
/// <param name="Columns">ONNX: whether each column of the source is an input; otherwise one input holds all columns.</param>
public sealed record ExportOptions(bool Columns = false);

/// <summary>A part of an exported file: an input, an output or a tensor.</summary>
/// <param name="Role">input, output or tensor.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements, as the format calls it.</param>
/// <param name="Shape">Its axes, such as "rows x 64".</param>
public sealed record ExportedPart(string Role, string Name, string Type, string Shape);
