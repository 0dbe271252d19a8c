using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cluster.Messages.Node;

/// <summary>Reads the key and the certificates that a node's options name.</summary>
internal static class NodeSecurity
{
    private const int KeyFileBytesMax = 4096;

    /// <exception cref="BadNodeOptionsException">Names every file that cannot be read, or does not hold what it should; never what it holds.</exception>
    public static TcpSettings Read(NodeOptions options)
    {
        List<string> errors = [];
        ReadOnlyMemory<byte> key = options.SharedKeyPath is { } keyPath ? Try("SharedKeyPath", keyPath, () => ReadKey(keyPath), errors) : default;
        TlsSettings? tls = options is { CertificatePath: { } certificate, CertificateKeyPath: { } certificateKey, AuthorityPath: { } authority }
            ? Try("CertificatePath, CertificateKeyPath or AuthorityPath", $"{certificate}, {certificateKey} and {authority}", () => ReadTls(certificate, certificateKey, authority), errors)
            : null;
        return errors.Count == 0 ? new TcpSettings { SharedKey = key, Tls = tls } : throw new BadNodeOptionsException([.. errors]);
    }

    private static ReadOnlyMemory<byte> ReadKey(string path)
    {
        if (new FileInfo(path).Length > KeyFileBytesMax) throw new IOException($"wanted a key of at most {KeyFileBytesMax} bytes, got more");
        byte[] bytes = File.ReadAllBytes(path);
        int length = bytes.Length;
        while (length > 0 && bytes[length - 1] is (byte)'\n' or (byte)'\r' or (byte)' ' or (byte)'\t') length--;
        return length >= TcpSettings.SharedKeyBytesMin ? bytes.AsMemory(0, length) : throw new IOException($"wanted a key of at least {TcpSettings.SharedKeyBytesMin} bytes, got {length}");
    }

    private static TlsSettings ReadTls(string certificate, string key, string authority)
    {
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(authority);
        if (authorities.Count == 0) throw new CryptographicException("wanted at least one authority, got none");
        return new TlsSettings(X509Certificate2.CreateFromPemFile(certificate, key), authorities);
    }

    private static T? Try<T>(string option, string path, Func<T> read, List<string> errors)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            errors.Add($"{option}: wanted a file that can be used, got {path}: {error.Message}");
            return default;
        }
    }
}
