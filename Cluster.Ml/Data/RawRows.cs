using System.Text.Json.Serialization;
using Cluster.Ml.Data.Columns;

namespace Cluster.Ml.Data;

/// <summary>What a source says of its rows as a whole.</summary>
/// <param name="FeatureNames">Names of the columns, in the order of a row.</param>
/// <param name="Classes">Names of the classes in index order; empty if targets are numbers or absent.</param>
/// <param name="Image">The size of an image where rows are images, or null.</param>
/// <param name="OwnTestStart">The first row that the source itself sets aside for testing; the number of rows if there is none.</param>
internal sealed record RowFacts(IReadOnlyList<string> FeatureNames, IReadOnlyList<string> Classes, ImageShape? Image, int OwnTestStart)
{
    /// <summary>What the numbers of each column stand for; null if all columns hold numbers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RawColumn>? Columns { get; init; }

    /// <summary>How many rows were left out because they lack values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Dropped { get; init; }

    /// <summary>How the table is written; null for the usual way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TableDialect? Dialect { get; init; }
}

/// <summary>Rows as a source holds them, before they are split and scaled.</summary>
/// <param name="File">What errors of the rows name.</param>
/// <param name="Facts">What is true of all of them.</param>
/// <param name="Store">Their numbers.</param>
internal sealed record RawRows(string File, RowFacts Facts, RowStore Store)
{
    /// <summary>The group of each row, if rows of one group are to stay together; else null.</summary>
    public int[]? Groups { get; init; }

    public int Rows => Store.Rows;

    public int Columns => Store.Columns;

    public IReadOnlyList<string> Classes => Facts.Classes;

    public int OwnTestStart => Facts.OwnTestStart;
}

[JsonSerializable(typeof(RowFacts))]
internal sealed partial class RowFactsJson : JsonSerializerContext;
