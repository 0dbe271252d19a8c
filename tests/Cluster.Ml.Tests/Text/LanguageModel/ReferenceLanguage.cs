using Cluster.Ml.Text.LanguageModel;

namespace Cluster.Ml.Tests.Text.LanguageModel;

/// <summary>A language model written for reading, in double precision: its loss over one window of every stream, from what the streams carry.</summary>
internal sealed class ReferenceLanguage(LanguageOptions spec, int vocabulary)
{
    private int Gates => spec.Cell == "lstm" ? 4 * spec.Units : spec.Units;

    /// <param name="w">All parameters, in the order of the state.</param>
    /// <param name="tokens">[T + 1].</param>
    /// <param name="carried">Layer after layer: h, then c. Changed.</param>
    public double Loss(double[] w, ReadOnlySpan<int> tokens, double[] carried)
    {
        double loss = 0;
        for (int t = 0; t + 1 < tokens.Length; t++)
        {
            int at = vocabulary * spec.Embedding, slot = 0;
            double[] x = w[(tokens[t] * spec.Embedding)..((tokens[t] + 1) * spec.Embedding)];
            for (int layer = 0; layer < spec.Depth; layer++)
            {
                x = Step(w, at, x, carried, slot);
                at += ((layer == 0 ? spec.Embedding : spec.Units) + spec.Units + 1) * Gates;
                slot += spec.Cell == "lstm" ? 2 * spec.Units : spec.Units;
            }
            loss += CrossEntropy(w, at, x, tokens[t + 1]);
        }
        return loss;
    }

    /// <summary>One moment of one layer, whose parameters begin at a place; what is carried begins at a slot and is changed.</summary>
    public double[] Step(double[] w, int at, double[] x, double[] carried, int slot)
    {
        int units = spec.Units, recurrent = at + (x.Length * Gates), bias = recurrent + (units * Gates);
        double[] z = w[bias..(bias + Gates)];
        for (int j = 0; j < Gates; j++)
        {
            for (int i = 0; i < x.Length; i++) z[j] += x[i] * w[at + (i * Gates) + j];
            for (int i = 0; i < units; i++) z[j] += carried[slot + i] * w[recurrent + (i * Gates) + j];
        }
        double[] h = new double[units];
        for (int j = 0; j < units; j++)
        {
            if (spec.Cell == "rnn")
            {
                h[j] = Math.Tanh(z[j]);
                continue;
            }
            double c = (Sigmoid(z[units + j]) * carried[slot + units + j]) + (Sigmoid(z[j]) * Math.Tanh(z[(2 * units) + j]));
            carried[slot + units + j] = c;
            h[j] = Sigmoid(z[(3 * units) + j]) * Math.Tanh(c);
        }
        h.CopyTo(carried, slot);
        return h;
    }

    private double CrossEntropy(double[] w, int at, double[] h, int target)
    {
        double[] z = w[(at + (h.Length * vocabulary))..(at + ((h.Length + 1) * vocabulary))];
        for (int i = 0; i < h.Length; i++)
            for (int j = 0; j < vocabulary; j++) z[j] += h[i] * w[at + (i * vocabulary) + j];
        double max = z.Max();
        return Math.Log(z.Sum(score => Math.Exp(score - max))) - (z[target] - max);
    }

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));
}
