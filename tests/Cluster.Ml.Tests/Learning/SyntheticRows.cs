using System.Globalization;
using System.Text;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Tests.Learning;

/// <summary>A CSV file of three noisy groups of points, made anew for a test and deleted after it.</summary>
internal sealed class SyntheticRows : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-rows-").FullName;

    /// <summary>Columns a, b, c; class in 'kind' (of three), 'half' (of two), a number in 'value'.</summary>
    public SyntheticRows(int rows = 211)
    {
        StringBuilder text = new("a,b,c,kind,half,value\n");
        RandomStream stream = RandomStream.At(7, RandomPurpose.Augment);
        for (int row = 0; row < rows; row++)
        {
            int kind = stream.Next(3);
            double a = (kind * 1.5) + stream.NextGaussian(), b = (kind == 1 ? 2 : 0) + stream.NextGaussian(), c = stream.NextGaussian();
            string half = a + b + stream.NextGaussian() > 2 ? "yes" : "no";
            text.AppendLine(CultureInfo.InvariantCulture, $"{a:R},{b:R},{c:R},k{kind},{half},{(2 * a) - b + (0.1 * stream.NextGaussian()):R}");
        }
        Source = Path.Combine(_folder, "rows.csv");
        File.WriteAllText(Source, text.ToString());
    }

    public string Source { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
