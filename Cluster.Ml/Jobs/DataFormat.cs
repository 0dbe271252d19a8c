namespace Cluster.Ml.Jobs;

/// <summary>The layout of a data source.</summary>
public enum DataFormat
{
    /// <summary>By name: .csv, .tsv or .data, .npy or .npz, .parquet, .txt, data_batch or -idx, each also with .gz; a folder with CIFAR batches, or with IDX files of the standard MNIST names.</summary>
    Auto,

    /// <summary>Comma-separated values with a header row.</summary>
    Csv,

    /// <summary>IDX images and labels.</summary>
    Idx,

    /// <summary>Plain text.</summary>
    Text,

    /// <summary>CIFAR-10 images in the binary version.</summary>
    Cifar,

    /// <summary>NumPy arrays, which their names tell: columns of numbers and texts.</summary>
    Numpy,

    /// <summary>A Parquet file, which its name tells: columns of numbers and texts.</summary>
    Parquet,

    /// <summary>A database, which its name tells (.sqlite, .sqlite3, .db, .postgres): the rows of data.query, which are written to a table first.</summary>
    Database,
}
