using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Cluster.Messages.Trust;

/// <summary>Turns a key that all nodes share into a key pair and a certificate, the same key pair on every node.</summary>
/// <remarks>
/// Equation  d = 1 + (HKDF-SHA256(key; salt, info; 48 bytes) mod (n − 1)),  n = the order of P-256: 128 more bits than n has, so that no d is likelier than another
/// Effect    a peer that can sign with d knows the key; the certificate that shows the public half says nothing else
/// Limits    a key that can be guessed can be guessed from the public half, too: make it of random bytes
/// Sources   RFC 5869 (HKDF); FIPS 186-5, A.2.1 (extra random bits)
/// </remarks>
internal static class SharedKeyPair
{
    private const int ExtractedBytes = 48;
    private static readonly byte[] s_salt = Encoding.ASCII.GetBytes("cluster.trust.v1");
    private static readonly byte[] s_purpose = Encoding.ASCII.GetBytes("node key pair, P-256");
    private static readonly BigInteger s_order = BigInteger.Parse(
        "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    // The public key alone is looked at, so that clocks do not matter; the farthest dates that a certificate can name.
    private static readonly DateTimeOffset s_begin = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), s_end = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A self-signed certificate of the key pair, with its private half.</summary>
    public static X509Certificate2 Certify(ReadOnlySpan<byte> key)
    {
        using ECDsa pair = Derive(key);
        CertificateRequest request = new("CN=cluster node", pair, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        return request.CreateSelfSigned(s_begin, s_end);
    }

    private static ECDsa Derive(ReadOnlySpan<byte> key)
    {
        Span<byte> extracted = stackalloc byte[ExtractedBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, extracted, s_salt, s_purpose);
        BigInteger scalar = (new BigInteger(extracted, isUnsigned: true, isBigEndian: true) % (s_order - 1)) + 1;
        CryptographicOperations.ZeroMemory(extracted);
        byte[] d = new byte[32];
        scalar.TryWriteBytes(d.AsSpan(32 - scalar.GetByteCount(isUnsigned: true)), out _, isUnsigned: true, isBigEndian: true);
        try
        {
            return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = d });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(d);
        }
    }
}
