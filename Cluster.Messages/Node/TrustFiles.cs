using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cluster.Messages.Trust;

namespace Cluster.Messages.Node;

/// <summary>Reads the key or the certificates that a node's options name.</summary>
internal static class TrustFiles
{
    private const int KeyFileBytesMax = 4096;

    /// <summary>The trust of the node: by certificates if they are given, else by a shared key; null if neither is.</summary>
    /// <exception cref="BadNodeOptionsException">Names every file that cannot be read, or does not hold what it should; never what it holds.</exception>
    public static NodeTrust? Read(NodeOptions options)
    {
        List<string> errors = [];
        byte[]? key = options.SharedKeyPath is { } keyPath ? Try(nameof(options.SharedKeyPath), keyPath, () => ReadKey(keyPath), errors) : null;
        NodeTrust? trust = options is { CertificatePath: { } certificate, CertificateKeyPath: { } certificateKey, AuthorityPath: { } authority }
            ? Try($"{nameof(options.CertificatePath)}, {nameof(options.CertificateKeyPath)} or {nameof(options.AuthorityPath)}", $"{certificate}, {certificateKey} and {authority}",
                () => ReadCertificates(certificate, certificateKey, authority), errors)
            : null;
        if (errors.Count > 0) throw new BadNodeOptionsException([.. errors]);
        return trust ?? (key is null ? null : NodeTrust.OfSharedKey(key));
    }

    private static byte[] ReadKey(string path)
    {
        if (new FileInfo(path).Length > KeyFileBytesMax) throw new IOException($"wanted a key of at most {KeyFileBytesMax} bytes, got more");
        byte[] bytes = File.ReadAllBytes(path);
        int length = bytes.Length;
        while (length > 0 && bytes[length - 1] is (byte)'\n' or (byte)'\r' or (byte)' ' or (byte)'\t') length--;
        return length >= NodeTrust.SharedKeyBytesMin ? bytes[..length] : throw new IOException($"wanted a key of at least {NodeTrust.SharedKeyBytesMin} bytes, got {length}");
    }

    private static NodeTrust ReadCertificates(string certificate, string key, string authority)
    {
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(authority);
        return NodeTrust.OfAuthorities(X509Certificate2.CreateFromPemFile(certificate, key), authorities);
    }

    private static T? Try<T>(string option, string path, Func<T> read, List<string> errors)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            errors.Add($"{option}: wanted a file that can be used, got {path}: {failure.Message}");
            return null;
        }
    }
}
