import Foundation

/// A skill's name, equal to every other spelling of it: `ReactJS`, `React.js` and `react` are one. Categories are
/// compared alike.
public struct SkillName: Hashable, Sendable, CustomStringConvertible {
    /// Letters and digits in lower case, without accents, spaces and marks, except that `+` and `#` stay: `c++`, `c#`.
    /// A name without any is as it was written.
    public let normal: String

    public init(_ name: String) {
        let plain = Self.plain(name)
        normal = SkillAliases.names[plain] ?? plain
    }

    public var description: String { normal }

    /// The longest part of a name that counts, in Unicode scalars.
    private static let longest = 200

    private static func plain(_ name: String) -> String {
        let head = String(String.UnicodeScalarView(name.unicodeScalars.prefix(longest)))
        let text = CombiningMarks.thinned(head).decomposedStringWithCompatibilityMapping
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where scalar.isPartOfSkill {
            kept.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
        }
        return kept.isEmpty ? head : String(kept)
    }
}

extension Unicode.Scalar {
    fileprivate var isPartOfSkill: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .spacingMark:
            true
        default: self == "+" || self == "#"
        }
    }
}

/// Names that are written in several ways, beyond case, spaces and marks.
enum SkillAliases {
    /// By the other spellings, in their plain form.
    static let names: [String: String] = {
        var names: [String: String] = [:]
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            for other in words.dropFirst() { names[other] = words[0] }
        }
        return names
    }()

    /// On each line the normal form, then what else it is called, all in their plain form.
    private static let table = """
        react reactjs reactdotjs
        nextjs next
        vue vuejs vue2 vue3
        nuxt nuxtjs
        angular angular2 angularjs2 angular2+
        angularjs angular1
        svelte sveltejs
        ember emberjs
        backbone backbonejs
        nodejs node nodedotjs
        express expressjs
        nestjs nest
        deno denojs
        javascript js ecmascript es6 vanillajs vanillajavascript
        typescript ts
        html html5
        css css3
        sass scss sassscss
        tailwind tailwindcss
        jquery jqueryjs
        threejs three
        d3 d3js
        python python3 py
        django djangoframework
        fastapi fastapiframework
        flask flaskframework
        ruby rubylang
        rubyonrails rails ror
        golang go golanguage
        rust rustlang
        c++ cpp cplusplus
        c# csharp
        dotnet net netcore dotnetcore netframework dotnetframework
        aspnet aspnetcore
        objectivec objc
        visualbasic vb vbnet
        java javase java8 java11 java17
        springboot spring springframework
        kotlin kotlinlang
        php php7 php8
        laravel laravelframework
        perl perl5
        postgresql postgres psql postgressql
        mysql mysqldb
        mssql sqlserver microsoftsqlserver mssqlserver
        mongodb mongo
        sql structuredquerylanguage
        elasticsearch elastic
        redis rediscache
        kubernetes k8s
        docker dockercontainers
        aws amazonwebservices amazonaws
        gcp googlecloud googlecloudplatform
        azure microsoftazure
        terraform hashicorpterraform
        cicd continuousintegration ci
        githubactions ghactions
        reactnative rn
        machinelearning ml
        deeplearning dl
        artificialintelligence ai
        naturallanguageprocessing nlp
        computervision cv
        largelanguagemodels llm llms
        scikitlearn sklearn
        tensorflow tf
        pytorch torch
        rlang r
        excel msexcel microsoftexcel
        powerpoint mspowerpoint microsoftpowerpoint
        word msword microsoftword
        photoshop adobephotoshop
        illustrator adobeillustrator
        indesign adobeindesign
        aftereffects adobeaftereffects
        premierepro premiere adobepremiere adobepremierepro
        uiux uxui uiuxdesign
        uxdesign ux userexperience userexperiencedesign
        uidesign ui userinterface userinterfacedesign
        seo searchengineoptimization searchengineoptimisation
        crm customerrelationshipmanagement
        wordpress wp
        testautomation automatedtesting automationtesting
        quality qa qualityassurance
        restapi rest restful restfulapi restapis
        graphql gql
        bash shell shellscript shellscripting
        linux gnulinux
        """
}
