using Cluster.Ml.Numerics;

namespace Cluster.Ml.Data;

/// <summary>Rows that come in a request and not from a file, made ready for a trained model.</summary>
/// <remarks>Range  the same bits as <see cref="PreparedData.LoadForPrediction"/> gives of a file with the same numbers</remarks>
public static class RequestRows
{
    /// <summary>Scales rows.</summary>
    /// <param name="source">What errors name.</param>
    /// <param name="values">[rows, features], in the model's order.</param>
    /// <param name="model">What must be done to rows.</param>
    /// <param name="numbers">The element type that the model asks for.</param>
    /// <returns>[rows, features].</returns>
    /// <exception cref="BadInputException">A number is not finite once it is scaled.</exception>
    public static NumericBuffer Scale(string source, double[] values, Preprocessing model, NumberKind numbers)
    {
        int columns = model.FeatureNames.Count;
        RawRows raw = new(source, new RowFacts(model.FeatureNames, [], null, values.Length / columns), new MemoryRows(values, columns, []));
        return RowTable.Of(raw, model.Scaler, numbers, hasTargets: false).Features;
    }

    /// <summary>Reads and scales the rows of a table with a header row; columns are found by name, others are not looked at.</summary>
    /// <param name="source">What errors name.</param>
    /// <param name="table">CSV, as a file holds it.</param>
    /// <param name="model">What must be done to rows.</param>
    /// <param name="numbers">The element type that the model asks for.</param>
    /// <returns>[rows, features].</returns>
    /// <exception cref="BadInputException">The table cannot be used as it is.</exception>
    public static NumericBuffer ReadCsv(string source, byte[] table, Preprocessing model, NumberKind numbers)
    {
        MemorySink sink = new(source);
        using DataReader reader = DataReader.Of(source, table);
        RawRows read = sink.ToRows(CsvTable.ReadFor(source, reader, model, TargetReading.None, drops: false, sink));
        return RowTable.Of(model.Encoding?.Over(read) ?? read, model.Scaler, numbers, hasTargets: false).Features;
    }
}
