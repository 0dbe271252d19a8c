namespace Cluster.Ml.Data;

/// <summary>Finds again where in a table a number or a row was read: only after an error, so that reading itself keeps no places.</summary>
/// <remarks>Cost  reads the file once more; a source that is no file of that length, such as a pipe, has no places</remarks>
internal static class CsvPlaces
{
    /// <summary>The first number that is sought, in line order; null if there is none, or the file cannot be read again.</summary>
    /// <param name="file">The table.</param>
    /// <param name="dialect">How it is written.</param>
    /// <param name="column">Which columns are looked at, by name.</param>
    /// <param name="sought">Which number.</param>
    public static (int Line, int Column, string Text)? FindNumber(string file, TableDialect? dialect, Func<string, bool> column, Func<double, bool> sought) =>
        Find(file, dialect, column, (records, field) => records.TryNumber(field, out double value) && sought(value));

    /// <summary>The first field of a column that holds a text; null if there is none, or the file cannot be read again.</summary>
    /// <param name="file">The table.</param>
    /// <param name="dialect">How it is written.</param>
    /// <param name="column">The column.</param>
    /// <param name="sought">The text.</param>
    public static (int Line, int Column, string Text)? FindText(string file, TableDialect? dialect, string column, string sought) =>
        Find(file, dialect, name => name == column, (records, field) => records.Text(field).Trim() == sought);

    private static (int Line, int Column, string Text)? Find(string file, TableDialect? dialect, Func<string, bool> column, Func<CsvRecords, CsvField, bool> sought) =>
        Read<(int, int, string)>(file, dialect, records =>
        {
            bool[] looked = [.. records.Fields.Select(field => column(records.Text(field).Trim()))];
            while (records.Read())
                for (int i = 0; i < Math.Min(looked.Length, records.Fields.Count); i++)
                    if (looked[i] && sought(records, records.Fields[i]))
                        return (Place(records, records.Fields[i]).Line, Place(records, records.Fields[i]).Column, records.Text(records.Fields[i]));
            return null;
        });

    /// <summary>The line of a row below the header; null if the file cannot be read again.</summary>
    /// <param name="file">The table.</param>
    /// <param name="row">From 0.</param>
    public static int? LineOf(string file, int row) => Read<int>(file, null, records =>
    {
        for (int i = 0; i <= row; i++)
            if (!records.Read()) return null;
        return Place(records, records.Fields[0]).Line;
    });

    private static (int Line, int Column) Place(CsvRecords records, CsvField field)
    {
        BadInputException place = records.Error(field.Start, "", "", "");
        return (place.Line ?? 1, place.Column ?? 1);
    }

    private static T? Read<T>(string file, TableDialect? dialect, Func<CsvRecords, T?> find)
        where T : struct
    {
        try
        {
            if (new FileInfo(file) is not { Exists: true, Length: > 0 } || SourceFormat.OfRows(file) != Jobs.DataFormat.Csv) return null;
            using DataReader reader = DataReader.Open(file);
            CsvRecords records = CsvRecords.Open(file, reader, dialect ?? TableDialect.Usual);
            return records.Read() ? find(records) : null;
        }
        catch (Exception error) when (error is BadInputException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
