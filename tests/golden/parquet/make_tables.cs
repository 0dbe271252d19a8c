#:package ParquetSharp@25.0.1.2
// Writes the tables of ParquetRecordsTests with Apache Arrow's own C++ writer: `dotnet run make_tables.cs`, in this folder.
using ParquetSharp;

Column[] columns =
[
    new Column<long>("id"), new Column<double?>("height"), new Column<float>("weight"), new Column<int?>("count"), new Column<byte>("small"), new Column<bool>("flag"),
    new Column<decimal?>("price", LogicalType.Decimal(9, 2)), new Column<string?>("colour"), new Column<Date>("when"),
    new Column<DateTime?>("at", LogicalType.Timestamp(false, TimeUnit.Micros)), new Column<string>("y"), new Column<int[]>("list"),
];
(string Name, Compression Codec, bool Dictionary, bool Second)[] files =
[
    ("plain", Compression.Uncompressed, false, false), ("snappy", Compression.Snappy, true, false), ("gzip", Compression.Gzip, true, true),
    ("zstd", Compression.Zstd, false, true), ("lz4", Compression.Lz4, true, true), ("brotli", Compression.Brotli, true, false), ("runs", Compression.Snappy, true, true),
];
foreach ((string name, Compression codec, bool dictionary, bool second) in files)
{
    WriterPropertiesBuilder builder = new WriterPropertiesBuilder().Compression(codec).DataPagesize(64);
    builder = dictionary ? builder.EnableDictionary() : builder.DisableDictionary();
    if (second && name != "runs") builder = builder.Encoding("flag", Encoding.Plain).DisableDictionary("flag");
    if (second) builder = builder.DataPageVersion(ParquetDataPageVersion.V2);
    using ParquetFileWriter file = new($"{name}.parquet", columns, builder.Build());
    for (int group = 0; group < 2; group++)
    {
        int[] rows = [.. Enumerable.Range(group * 8, 8)];
        using RowGroupWriter writer = file.AppendRowGroup();
        Write(writer, rows, row => 9007199254740992 + row);
        Write(writer, rows, row => row == 3 ? (double?)null : row == 11 ? double.NaN : 1.5 * row);
        Write(writer, rows, row => row / 4f);
        Write(writer, rows, row => row == 5 ? (int?)null : -row);
        Write(writer, rows, row => (byte)(250 + (row % 5)));
        Write(writer, rows, row => row % 3 == 0);
        Write(writer, rows, row => row == 2 ? null : (decimal?)(row + 0.25m));
        Write(writer, rows, row => row == 6 ? null : row % 2 == 0 ? "grün" : "red");
        Write(writer, rows, row => new Date(2024, 2, 20 + (row % 10)));
        Write(writer, rows, row => row == 1 ? null : (DateTime?)new DateTime(2024, 12, 31, row, 30, 15));
        Write(writer, rows, row => row < 8 ? "no" : "yes");
        Write(writer, rows, row => new[] { row, row + 1 });
    }
    file.Close();
}

static void Write<T>(RowGroupWriter group, int[] rows, Func<int, T> value)
{
    using LogicalColumnWriter<T> column = group.NextColumn().LogicalWriter<T>();
    column.WriteBatch([.. rows.Select(value)]);
}
