namespace Cluster.Ml.Privacy;

/// <summary>How a Rényi guarantee becomes an (ε, δ) guarantee.</summary>
public enum EpsilonConversion
{
    /// <summary>
    /// ε = ε(α) + log(1 − 1/α) − log(δ·α)/(α − 1). Canonne, Kamath, Steinke, "The Discrete Gaussian for Differential
    /// Privacy", 2020, Proposition 12. The default.
    /// </summary>
    Improved,

    /// <summary>ε = ε(α) − log δ/(α − 1). Mironov, "Rényi Differential Privacy", 2017, Proposition 3: 11 to 21 % larger.</summary>
    Classic,
}
