using Cluster.Ml.Privacy;

namespace Cluster.Ml.Tests.Privacy;

/// <summary>Secrets of private runs that are to be repeated.</summary>
internal static class SomeSecret
{
    /// <summary>Always the same.</summary>
    public static PrivacySecret One { get; } = Of(1);

    /// <summary>One of many.</summary>
    public static PrivacySecret Of(byte number)
    {
        byte[] bytes = new byte[PrivacySecret.Length];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(number + (i * 7));
        return PrivacySecret.FromBytes(bytes);
    }
}
