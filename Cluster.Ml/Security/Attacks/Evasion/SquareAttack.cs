using Cluster.Ml.Data;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Security.Attacks.Evasion;

/// <summary>Square attack: random squares of ±ε are kept where they bring the row nearer to another class. It asks for scores alone.</summary>
/// <remarks>
/// Equation      start: vertical stripes of ±ε; each try sets a square of side √(p·h·w) to ±ε by channel, and keeps it if
///               log p_y − max log p_k falls; p begins at 0.8 and is halved at 0.1, 0.5, 2, 5, 10, 20, 40, 60 and 80 % of the queries
/// Threat model  evasion, untargeted; black box: class scores, so many queries a row
/// Determinism   keyed by (seed, row, try)
/// Source        Andriushchenko, Croce, Flammarion, Hein, "Square Attack", ECCV 2020, algorithms 1 and 2
/// Differs       from the paper on rows that are no images: a window of p of the columns takes the place of the square, each column with a sign
/// </remarks>
internal sealed class SquareAttack : EvasionAttack
{
    /// <summary>Queries a row where none are asked for.</summary>
    public const int QueriesUsual = 1000;

    private const double FirstShare = 0.8, LogLeast = -700;

    private static readonly double[] Halvings = [0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8];

    public override string Name => "square";

    public override string Meaning => "random squares of epsilon, kept where scores say that they help";

    public override string ThreatModel => "Black box: the attacker sees class scores, asks so many times a row, and moves each row by at most epsilon.";

    public override string Source => "Andriushchenko et al., ECCV 2020";

    public override IReadOnlyList<string> Flags => ["epsilon", "queries"];

    internal override IReadOnlyList<Norm> Norms => [Norm.Linf];

    internal override bool WhiteBox => false;

    internal override void Attack(AttackedModel model, AttackedRows rows, AttackSettings settings, Span<float> adversarial)
    {
        (double epsilon, int queries, int columns) = (settings.Epsilon!.Value, settings.Queries ?? QueriesUsual, rows.Columns);
        ImageShape image = model.Image ?? new ImageShape(1, columns, 1);
        for (int row = 0; row < rows.Count; row++) Stripes(model, rows, row, settings.Seed, epsilon, image, adversarial.Slice(row * columns, columns));
        double[] margins = Margins(model, rows, adversarial);
        List<int> left = [.. Enumerable.Range(0, rows.Count).Where(row => margins[row] >= 0)];
        for (int query = 1; query < queries && left.Count > 0; query++)
        {
            AttackedRows some = rows.Of(left);
            float[] tried = new float[some.Count * columns];
            for (int i = 0; i < left.Count; i++)
            {
                Span<float> x = tried.AsSpan(i * columns, columns);
                adversarial.Slice(left[i] * columns, columns).CopyTo(x);
                RandomStream random = RandomStream.At(settings.Seed, RandomPurpose.Attack, some.Ids[i], query);
                Square(model, some.Row(i), epsilon, ShareAt((double)query / queries), image, ref random, x);
            }
            double[] after = Margins(model, some, tried);
            for (int i = 0; i < left.Count; i++)
            {
                if (after[i] >= margins[left[i]]) continue;
                margins[left[i]] = after[i];
                tried.AsSpan(i * columns, columns).CopyTo(adversarial[(left[i] * columns)..]);
            }
            left.RemoveAll(row => margins[row] < 0);
        }
    }

    private static void Stripes(AttackedModel model, AttackedRows rows, int row, ulong seed, double epsilon, ImageShape image, Span<float> x)
    {
        RandomStream random = RandomStream.At(seed, RandomPurpose.Attack, rows.Ids[row], 0);
        int across = image.Width * image.Channels;
        float[] signs = [.. Enumerable.Range(0, across).Select(_ => random.Next(2) == 0 ? -1f : 1f)];
        for (int c = 0; c < x.Length; c++) x[c] = Moved(model, rows.Row(row)[c], epsilon * signs[c % across], c);
    }

    private static void Square(AttackedModel model, ReadOnlySpan<float> row, double epsilon, double share, ImageShape image, ref RandomStream random, Span<float> x)
    {
        bool isImage = image.Height > 1;
        int side = isImage ? Math.Max(1, (int)Math.Round(Math.Sqrt(share * image.Height * image.Width))) : Math.Max(1, (int)Math.Round(share * image.Width));
        int height = Math.Min(isImage ? side : 1, image.Height), width = Math.Min(side, image.Width);
        int top = random.Next(image.Height - height + 1), first = random.Next(image.Width - width + 1);
        for (int channel = 0; channel < image.Channels; channel++)
        {
            double change = random.Next(2) == 0 ? -epsilon : epsilon;
            for (int r = top; r < top + height; r++)
                for (int c = first; c < first + width; c++)
                {
                    int at = (((r * image.Width) + c) * image.Channels) + channel;
                    if (!isImage) change = random.Next(2) == 0 ? -epsilon : epsilon;
                    x[at] = Moved(model, row[at], change, at);
                }
        }
    }

    private static float Moved(AttackedModel model, float value, double change, int column) =>
        Math.Clamp((float)(value + change), Math.Min(value, model.Low[column]), Math.Max(value, model.High[column]));

    private static double ShareAt(double progress)
    {
        double share = FirstShare;
        foreach (double halving in Halvings)
            if (progress > halving) share /= 2;
        return share;
    }

    /// <summary>log p_y − max log p_k of each row: negative once it is misclassified.</summary>
    private static double[] Margins(AttackedModel model, AttackedRows rows, ReadOnlySpan<float> numbers)
    {
        double[] scores = new double[rows.Count * model.Classes], margins = new double[rows.Count];
        model.Scores(numbers, scores);
        for (int row = 0; row < rows.Count; row++)
        {
            double other = double.NegativeInfinity;
            for (int k = 0; k < model.Classes; k++)
                if (k != rows.Labels[row]) other = Math.Max(other, LogOf(scores[(row * model.Classes) + k]));
            margins[row] = LogOf(scores[(row * model.Classes) + rows.Labels[row]]) - other;
        }
        return margins;
    }

    private static double LogOf(double score) => score > 0 ? StableMath.Log(score) : LogLeast;
}
