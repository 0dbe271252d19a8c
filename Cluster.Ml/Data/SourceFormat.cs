using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data;

/// <summary>The one place that decides what layout a source has.</summary>
internal static class SourceFormat
{
    private const string Words = "csv, idx, cifar or text";

    private static readonly string[] s_databases = [".sqlite", ".sqlite3", ".db", ".postgres"];

    /// <summary>What a name alone says; Auto where it says nothing, as of a folder.</summary>
    public static DataFormat OfName(string source)
    {
        string name = Path.GetFileName(source).ToLowerInvariant();
        if (name.EndsWith(".gz", StringComparison.Ordinal)) name = name[..^3];
        if (name.EndsWith(".csv", StringComparison.Ordinal) || name.EndsWith(".data", StringComparison.Ordinal) || name.EndsWith(".tsv", StringComparison.Ordinal)) return DataFormat.Csv;
        if (name.EndsWith(".npy", StringComparison.Ordinal) || name.EndsWith(".npz", StringComparison.Ordinal)) return DataFormat.Numpy;
        if (name.EndsWith(".parquet", StringComparison.Ordinal)) return DataFormat.Parquet;
        if (s_databases.Any(ending => name.EndsWith(ending, StringComparison.Ordinal))) return DataFormat.Database;
        if (name.EndsWith(".txt", StringComparison.Ordinal)) return DataFormat.Text;
        if (name.StartsWith("data_batch", StringComparison.Ordinal) || name.StartsWith("test_batch", StringComparison.Ordinal)) return DataFormat.Cifar;
        return name.Contains("-idx", StringComparison.Ordinal) || name.Contains(".idx", StringComparison.Ordinal) ? DataFormat.Idx : DataFormat.Auto;
    }

    /// <summary>The layout of a job's source: what the job says, what the name says, or what lies in the folder.</summary>
    /// <exception cref="BadInputException">It is a file, and nothing says what it holds.</exception>
    public static DataFormat Of(string source, DataFormat stated)
    {
        DataFormat format = stated != DataFormat.Auto ? stated : OfName(source);
        if (format is not DataFormat.Csv and not DataFormat.Text and not DataFormat.Numpy and not DataFormat.Parquet && Directory.Exists(source))
            return stated != DataFormat.Auto ? stated : CifarFiles.AreIn(source) ? DataFormat.Cifar : DataFormat.Idx;
        if (format != DataFormat.Auto) return format;
        if (!File.Exists(source)) return DataFormat.Csv;        // whoever opens it says so
        DataReader.Open(source).Dispose();      // what is no file is told first
        throw source.EndsWith(".names", StringComparison.OrdinalIgnoreCase)
            ? new BadInputException(source, null, null, "a file of data", "the description that UCI puts beside one", "name the .data file")
            : new BadInputException(
                source, null, null, $"a name that says what it holds (.csv, .tsv, .data, .npy, .npz, .parquet, .txt, -idx3-ubyte), or data.format: {Words}", "neither",
                "write data.format: csv for a table");
    }

    /// <summary>The layout of rows for a model of tables or images. A table is known by its columns, so any other name may be one.</summary>
    public static DataFormat OfRows(string source)
    {
        DataFormat format = OfName(source);
        if (format is DataFormat.Csv or DataFormat.Text) return DataFormat.Csv;
        if (Directory.Exists(source)) return CifarFiles.AreIn(source) ? DataFormat.Cifar : DataFormat.Idx;
        return format == DataFormat.Auto ? DataFormat.Csv : format;
    }
}
