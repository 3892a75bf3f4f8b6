/// Why a server's certificate is not trusted, in words for who can mend it.
enum CertificateFault {
    /// - Parameter result: OpenSSL's code (X509_V_ERR_…, x509_vfy.h). 0: the certificate itself is good.
    static func words(for result: Int) -> String {
        switch result {
        case 0, 62, 63, 64: "its certificate is for another name"
        case 9: "its certificate is not valid yet"
        case 10: "its certificate has expired"
        case 18: "its certificate is signed by itself"
        case 19: "its certificate ends in an authority that is not trusted"
        case 2, 20, 21: "its certificate's chain is incomplete or ends in an authority that is not trusted"
        case 23: "its certificate was revoked"
        default: "its certificate is not trusted (OpenSSL \(result))"
        }
    }
}
