using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Broker.Actors.Hosting;

namespace Broker.Actors.Security.Certificates;

/// <summary>The names in a certificate.</summary>
internal static class CertificateNames
{
    private const string CommonName = "2.5.4.3";
    private const string AlternativeNames = "2.5.29.17";

    // The choices of GeneralName (RFC 5280, section 4.2.1.6).
    private const int Email = 1;
    private const int Dns = 2;
    private const int Uri = 6;

    /// <summary>Null: it has none of this kind, or one that cannot be read.</summary>
    public static string? Find(X509Certificate2 certificate, CertificateName kind)
    {
        var name = kind switch
        {
            CertificateName.Subject => certificate.SubjectName.Name,
            CertificateName.Dns => FindAlternative(certificate, Dns),
            CertificateName.Email => FindAlternative(certificate, Email),
            CertificateName.Uri => FindAlternative(certificate, Uri),
            _ => FindCommonName(certificate),
        };
        return string.IsNullOrEmpty(name) ? null : name;
    }

    private static string? FindCommonName(X509Certificate2 certificate)
    {
        // The most specific first.
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (!part.HasMultipleElements && part.GetSingleElementType().Value == CommonName)
            {
                return part.GetSingleElementValue();
            }
        }

        return null;
    }

    private static string? FindAlternative(X509Certificate2 certificate, int kind)
    {
        try
        {
            foreach (var extension in certificate.Extensions.Where(static extension => extension.Oid?.Value == AlternativeNames))
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    var tag = names.PeekTag();
                    if (tag.TagClass == TagClass.ContextSpecific && tag.TagValue == kind)
                    {
                        return names.ReadCharacterString(UniversalTagNumber.IA5String, tag);
                    }

                    names.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException)
        {
            // Nobody can say what it means.
        }

        return null;
    }
}
