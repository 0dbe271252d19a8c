using Cluster.Ml.Jobs;

namespace Cluster.Ml.Data.Columns;

/// <summary>What the columns of a table are, found by reading it once.</summary>
public sealed class TableProfile
{
    private TableProfile(string file, char? separator, bool hasDecimalComma, IReadOnlyList<ColumnProfile> columns, long rows, long incomplete) =>
        (File, Separator, HasDecimalComma, Columns, Rows, IncompleteRows) = (file, separator, hasDecimalComma, columns, rows, incomplete);

    /// <summary>The table.</summary>
    public string File { get; }

    /// <summary>What parts its columns; null where nothing does.</summary>
    public char? Separator { get; }

    /// <summary>Whether a comma stands before the decimals of its numbers.</summary>
    public bool HasDecimalComma { get; }

    /// <summary>Its columns, as they stand.</summary>
    public IReadOnlyList<ColumnProfile> Columns { get; }

    /// <summary>How many rows stand below the header.</summary>
    public long Rows { get; }

    /// <summary>How many of them lack a value.</summary>
    public long IncompleteRows { get; }

    /// <summary>Reads a table.</summary>
    /// <param name="file">The table.</param>
    /// <param name="dialect">How it is written.</param>
    /// <exception cref="BadInputException">It cannot be read.</exception>
    public static TableProfile Of(string file, TableDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        using DataReader reader = DataReader.Open(file);
        using TableRecords records = TableRecords.Open(file, reader, dialect);
        string[] names = records.ReadHeader(needsNames: false);
        ColumnProfile[] columns = [.. names.Select(name => new ColumnProfile(name))];
        (long rows, long incomplete) = (0, 0);
        for (; records.Read(); rows++)
        {
            records.RequireWidth(names);
            long missing = 0;
            for (int i = 0; i < columns.Length; i++)
            {
                if (rows == 0) columns[i].IsNested = !records.IsReadable(records.Fields[i]);
                if (columns[i].IsNested) continue;
                long before = columns[i].Missing;
                columns[i].Add(records, records.Fields[i]);
                missing += columns[i].Missing - before;
            }
            if (missing > 0) incomplete++;
        }
        if (rows == 0) throw records.ErrorAtEnd("at least one row below the header", "none", "check that the file was written to its end");
        return new TableProfile(file, records.Parting, dialect.HasDecimalComma, columns, rows, incomplete);
    }

    /// <summary>Reads a table, and once more where its numbers have decimal commas: texts that would be numbers so, and none with a point.</summary>
    /// <param name="file">The table.</param>
    /// <param name="separator">What parts its columns; null where the file shows it.</param>
    /// <exception cref="BadInputException">It cannot be read.</exception>
    public static TableProfile Find(string file, char? separator)
    {
        if (SourceFormat.OfRows(file) is not DataFormat.Csv and not DataFormat.Numpy and not DataFormat.Parquet || SourceFormat.OfName(file) == DataFormat.Text)
            throw new BadInputException(file, null, null, "a table", "images or a text", "look at a job of it with `inspect JOB.yaml`");
        TableProfile pointed = Of(file, new TableDialect(separator, false));
        bool hasCommas = pointed.Columns.Any(column => column.Texts > 0 && column.CommaNumbers == column.Texts) && pointed.Columns.All(column => column.AreWhole);
        return hasCommas ? Of(file, new TableDialect(separator, true)) : pointed;
    }

    /// <summary>What the feature columns of a job's table become; null if all are numbers.</summary>
    /// <remarks>Cost  reads the table once, where columns of texts are to be found; not where the job names them</remarks>
    /// <exception cref="BadInputException">It cannot be read, or a column of texts tells rows apart and nothing else.</exception>
    internal static Func<string, ColumnKind>? KindsOf(DataSpec data)
    {
        if (data.Encode is not { } encode) return null;
        Dictionary<string, ColumnKind> kinds = encode.Columns.ToDictionary(named => named.Column, named => named.Kind, StringComparer.Ordinal);
        IEnumerable<ColumnProfile> sought = kinds.Count > 0 ? [] : Of(data.Source, data.Dialect).Columns;
        foreach (ColumnProfile column in sought.Where(column => column.Name != data.Target && !data.Ignore.Contains(column.Name)))
        {
            if (column.IsId)
                throw new BadInputException(
                    data.Source, 1, null, $"categories in column '{column.Name}'", $"another text in each of {column.Texts} rows",
                    "leave it out with data.ignore; where it is no id, name the columns under data.encode");
            kinds[column.Name] = column.Kind == ColumnKind.OneHot ? encode.Texts : column.Kind;
        }
        return name => kinds.GetValueOrDefault(name, ColumnKind.Number);
    }
}
