using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Reinforcement.PolicyGradient;

/// <summary>The probabilities of a state's actions, on one thread.</summary>
/// <remarks>
/// Equation  ln pₐ = zₐ − m − ln Σⱼ exp(zⱼ − m),  m = maxⱼ zⱼ;  H = −Σ pₐ ln pₐ
/// Units     nats
/// Range     double precision, in the order of the actions: the same bits for the same logits
/// </remarks>
internal sealed class ActionDistribution(int actions)
{
    private readonly double[] _logits = new double[actions];
    private readonly double[] _probabilities = new double[actions];
    private double _logOfSum;

    /// <summary>pₐ, [actions].</summary>
    public ReadOnlySpan<double> Probabilities => _probabilities;

    /// <summary>The likeliest action; of several the first.</summary>
    public int Best { get; private set; }

    /// <summary>ln pₐ.</summary>
    public double LogOf(int action) => _logits[action] - _logOfSum;

    /// <summary>H.</summary>
    public double Entropy()
    {
        double entropy = 0;
        for (int a = 0; a < actions; a++) entropy -= _probabilities[a] * LogOf(a);
        return entropy;
    }

    /// <summary>Takes the policy's outputs for a state.</summary>
    public void Take(ReadOnlySpan<float> logits)
    {
        Best = 0;
        for (int a = 1; a < actions; a++)
            if (logits[a] > logits[Best]) Best = a;
        double sum = 0;
        for (int a = 0; a < actions; a++)
        {
            _logits[a] = (double)logits[a] - logits[Best];
            sum += _probabilities[a] = StableMath.Exp(_logits[a]);
        }
        for (int a = 0; a < actions; a++) _probabilities[a] /= sum;
        _logOfSum = StableMath.Log(sum);
    }

    /// <summary>Draws an action.</summary>
    public int Draw(ref RandomStream choice)
    {
        double left = choice.NextDouble();
        for (int a = 0; a < actions - 1; a++)
        {
            left -= _probabilities[a];
            if (left < 0) return a;
        }
        return actions - 1;
    }
}
