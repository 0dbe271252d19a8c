using System.Text.Json.Serialization;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data.Columns;

/// <summary>What the columns of a table become before they are scaled; fitted on training rows alone, part of every model file that needs it.</summary>
/// <param name="Columns">The columns that are read, in the model's order.</param>
/// <param name="Missing">What is done with rows that lack values.</param>
/// <param name="IgnoresUnseen">Whether a category that no training row has is taken for none; otherwise it is refused.</param>
public sealed record TableEncoding(IReadOnlyList<EncodedColumn> Columns, MissingKind Missing, bool IgnoresUnseen)
{
    /// <summary>What the features are called.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> FeatureNames => [.. Columns.SelectMany(column => column.FeatureNames)];

    /// <summary>Which features are 0 or 1 by what they mean.</summary>
    internal IReadOnlyList<bool> AreBinary => [.. Columns.SelectMany(column => column.AreBinary)];

    /// <summary>Whether it says nothing that contradicts itself.</summary>
    internal bool IsSound => Columns.All(column => column.IsSound);

    /// <summary>The rows that a source holds, encoded whenever one is looked at.</summary>
    /// <param name="raw">Rows of the columns.</param>
    /// <param name="codes">Of each column the code of what the rows call category i; null where they call it by its code.</param>
    internal RawRows Over(RawRows raw, IReadOnlyList<int[]?>? codes = null) => raw with
    {
        Facts = raw.Facts with { FeatureNames = FeatureNames, Columns = null },
        Store = new EncodedRows(raw.Store, this, codes ?? new int[]?[Columns.Count]),
    };
}
