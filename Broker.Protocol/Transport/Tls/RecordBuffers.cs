using System.Net.Security;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Broker.Protocol.Transport.Tls;

/// <summary>
/// Has OpenSSL give back the two buffers for records that a connection has, 17 KB each, whenever nothing is on its way (SSL_MODE_RELEASE_BUFFERS, which web servers and proxies set too): most of what an
/// idle connection takes. .NET has no setting for it, so the SSL object is looked for in SslStream. Where .NET has it no more, or uses an OpenSSL that is not known here, nothing is changed (decision 0015).
/// </summary>
internal static unsafe class RecordBuffers
{
    // Of openssl/ssl.h, the same in all of OpenSSL 3: SSL_set_mode is SSL_ctrl with this number.
    private const int SetMode = 33;
    private const nint ReleaseBuffers = 0x10;

    private static readonly FieldInfo? Field = typeof(SslStream).GetField("_securityContext", BindingFlags.Instance | BindingFlags.NonPublic);

    private static readonly delegate* unmanaged<nint, int, nint, nint, nint> Control = Find();

    /// <summary>From the next record on. After the handshake, on the thread that reads and writes.</summary>
    /// <returns>Whether it is so.</returns>
    public static bool Release(SslStream stream)
    {
        if (Control is null || Field!.GetValue(stream) is not SafeHandle { IsInvalid: false } connection)
        {
            return false;
        }

        bool isHeld = false;
        try
        {
            connection.DangerousAddRef(ref isHeld);
            return (Control(connection.DangerousGetHandle(), SetMode, ReleaseBuffers, 0) & ReleaseBuffers) != 0;
        }
        finally
        {
            if (isHeld)
            {
                connection.DangerousRelease();
            }
        }
    }

    private static delegate* unmanaged<nint, int, nint, nint, nint> Find() =>
        OperatingSystem.IsLinux()
        && Field?.FieldType.IsSubclassOf(typeof(SafeHandle)) == true
        && SafeEvpPKeyHandle.OpenSslVersion >> 28 == 3
        && NativeLibrary.TryLoad("libssl.so.3", out nint library)
        && NativeLibrary.TryGetExport(library, "SSL_ctrl", out nint control)
            ? (delegate* unmanaged<nint, int, nint, nint, nint>)control
            : null;
}
