
namespace Cluster.Ml.Text.Word2Vec;

/// <summary>Where the two vectors of each word are in the state, and what one touched row is in a contribution.</summary>
/// <remarks>
/// Shapes    state: input vectors [Words, Width], then output vectors [Words, Width]; row r is word r's input vector, row
///           Words + w is word w's output vector; numbers behind the dimensions are zeros, and stay so;
///           contribution: a head [Lane], then records [RecordLength] of the touched rows by ascending row
/// Range     a vector is padded to whole vectors of 16 floats, so that kernels need no remainder
/// </remarks>
/// <param name="Words">Words of the vocabulary.</param>
/// <param name="Dimensions">Numbers of a word's vector.</param>
/// <param name="RecordsMax">The most rows that a contribution can touch.</param>
internal sealed record EmbeddingLayout(int Words, int Dimensions, int RecordsMax)
{
    /// <summary>Floats of the widest vector: the order of sums is defined by it at every width.</summary>
    public const int Lane = 16;

    /// <summary>Numbers of a padded vector.</summary>
    public int Width => (Dimensions + Lane - 1) / Lane * Lane;

    /// <summary>All vectors.</summary>
    public int Rows => 2 * Words;

    /// <summary>Numbers of the state.</summary>
    public int StateLength => checked(Rows * Width);

    /// <summary>Numbers of a touched row with what is known of it.</summary>
    public int RecordLength => Lane + Width;

    /// <summary>Numbers of a contribution that touches as many rows as there can be.</summary>
    public int ContributionLength => checked(Lane + (RecordsMax * RecordLength));
}
